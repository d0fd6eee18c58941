/* map.js: every frame of memory as a cell whose colour says what it is; beside it what each colour means. */

/* The letters of vmtop's legend, each with the name of its colour in style.css. */
const STATES = {
	".": ["free", "free"],
	"k": ["kernel", "kernel"],
	"t": ["table", "page table"],
	"f": ["file", "file"],
	"d": ["dirty", "file, dirty"],
	"a": ["anonymous", "anonymous"],
	"c": ["cow", "copy-on-write"],
	"s": ["cached", "swap-cached"],
	"!": ["pinned", "pinned"],
};
const HELP = {
	free: "nobody's",
	kernel: "the kernel's own: code, stacks, slabs",
	table: "a page table or directory",
	file: "a page of a file, the same as on the disk",
	dirty: "a page of a file, newer than the disk",
	anonymous: "one process's own: heap, stack",
	cow: "shown in several places since a fork; who writes first gets a copy",
	cached: "in memory and in swap",
	pinned: "locked in memory, or held by the kernel for now",
};
const SIDE = 384; /* Pixels of the map's width, as style.css has it. */
const WIDE = 4096; /* Up to so many frames there are 64 in a row, beyond 128. */
const FLASH_MS = 700;

/* The frames of a sample, a letter for each. */
function decode(runs) {
	return runs.replace(/([^0-9])([0-9]+)/g, (_, letter, count) => letter.repeat(Number(count)));
}

export class FrameMap {
	constructor(canvas, legend, cell) {
		this.canvas = canvas;
		this.cell = cell;
		this.frames = "";
		this.flashes = new Map(); /* When each cell that is bright became so. */
		this.counts = {};
		for (const [letter, [name, text]] of Object.entries(STATES))
			this.counts[letter] = legendEntry(legend, name, text);
		canvas.addEventListener("mousemove", (e) => this.tell(e));
		canvas.addEventListener("mouseleave", () => this.draw());
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
	}

	show(sample) {
		const before = this.frames;

		this.frames = decode(sample.frames);
		if (before.length === this.frames.length)
			this.mark(before);
		this.count();
		this.draw();
	}

	mark(before) {
		const now = performance.now();

		for (let i = 0; i < before.length; i++)
			if (before[i] !== this.frames[i])
				this.flashes.set(i, now);
	}

	count() {
		const counts = {};

		for (const letter of this.frames)
			counts[letter] = (counts[letter] ?? 0) + 1;
		for (const [letter, element] of Object.entries(this.counts))
			element.textContent = (counts[letter] ?? 0).toLocaleString("en");
	}

	/* Where the cells are; the canvas has the screen's own pixels. */
	layout() {
		const columns = this.frames.length > WIDE ? 128 : 64;
		const rows = Math.max(1, Math.ceil(this.frames.length / columns));
		const size = Math.round(SIDE / columns * devicePixelRatio);

		if (this.canvas.width !== columns * size || this.canvas.height !== rows * size) {
			this.canvas.width = columns * size;
			this.canvas.height = rows * size;
		}
		return {columns, size};
	}

	draw() {
		cancelAnimationFrame(this.next);
		this.next = requestAnimationFrame(() => this.paint());
	}

	paint() {
		const {columns, size} = this.layout(), style = getComputedStyle(this.canvas);
		const context = this.canvas.getContext("2d"), gap = size > 4 ? 1 : 0;
		const colours = {};

		for (const [letter, [name]] of Object.entries(STATES))
			colours[letter] = style.getPropertyValue(`--${name}`);
		context.clearRect(0, 0, this.canvas.width, this.canvas.height);
		for (let i = 0; i < this.frames.length; i++) {
			context.fillStyle = colours[this.frames[i]] ?? colours.k;
			context.fillRect(i % columns * size, Math.floor(i / columns) * size, size - gap, size - gap);
		}
		this.paintFlashes(context, columns, size - gap, size, style.getPropertyValue("--flash"));
	}

	paintFlashes(context, columns, side, size, colour) {
		const now = performance.now();

		context.fillStyle = colour;
		for (const [i, since] of this.flashes) {
			context.globalAlpha = Math.max(0, 1 - (now - since) / FLASH_MS);
			context.fillRect(i % columns * size, Math.floor(i / columns) * size, side, side);
			if (context.globalAlpha === 0)
				this.flashes.delete(i);
		}
		context.globalAlpha = 1;
		if (this.flashes.size > 0)
			this.draw();
	}

	/* What the frame below the mouse is. */
	tell(event) {
		const box = this.canvas.getBoundingClientRect(), {columns, size} = this.layout();
		const scale = this.canvas.width / box.width;
		const x = Math.floor((event.clientX - box.left) * scale / size);
		const y = Math.floor((event.clientY - box.top) * scale / size);
		const frame = y * columns + x, state = STATES[this.frames[frame]];

		if (state)
			this.cell.textContent = `Frame 0x${frame.toString(16)}: ${state[1]} — ${HELP[state[0]]}.`;
	}
}

/* A line of the legend; returns where its number goes. */
function legendEntry(legend, name, text) {
	const entry = document.createElement("div"), count = document.createElement("dd");
	const title = document.createElement("dt");

	entry.title = HELP[name];
	title.textContent = text;
	title.style.setProperty("--state", `var(--${name})`);
	count.dataset.state = name;
	count.textContent = "0";
	entry.append(title, count);
	legend.append(entry);
	return count;
}

/* log.js: the kernel's log, in which each fault is a sentence (docs, "Faults in plain English"). */

const LINES = 400; /* What is kept. */

/* What was decided, by words of the sentence, and the state of the frame that came of it (map.js). */
const DECISIONS = [
	[/SIGSEGV|SIGBUS|PANIC/, "dirty"],
	[/got a copy/, "cow"],
	[/swap/, "cached"],
	[/page of zeroes|nobody else has/, "anonymous"],
	[/read from there|page cache|dirty/, "file"],
];
const SENTENCE = /^\[ *([0-9.]+)\] (explain: )?(.*)$/;

export class Log {
	constructor(list, filter, hold, clear) {
		this.list = list;
		this.filter = filter;
		this.hold = hold;
		this.waiting = []; /* Lines that have come since the list was last changed. */
		filter.addEventListener("input", () => this.sift());
		hold.addEventListener("change", () => this.flushSoon());
		clear.addEventListener("click", () => this.list.replaceChildren());
	}

	add(line) {
		this.waiting.push(line);
		if (this.waiting.length > LINES)
			this.waiting.shift();
		this.flushSoon();
	}

	flushSoon() {
		this.next ??= requestAnimationFrame(() => {
			this.next = undefined;
			if (!this.hold.checked)
				this.flush();
		});
	}

	/* Whoever has scrolled up stays where he is. */
	flush() {
		const list = this.list, atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;

		list.append(...this.waiting.map((line) => this.entry(line)));
		this.waiting = [];
		while (list.childElementCount > LINES)
			list.firstElementChild.remove();
		if (atEnd)
			list.scrollTop = list.scrollHeight;
	}

	entry(line) {
		const item = document.createElement("li");
		const [, time, explain, text] = SENTENCE.exec(line) ?? [null, "", undefined, line];
		const when = document.createElement("time");

		when.textContent = time;
		item.append(when, ...(explain ? fault(item, text) : [text]));
		item.hidden = !this.matches(item);
		return item;
	}

	matches(item) {
		return item.textContent.toLowerCase().includes(this.filter.value.toLowerCase());
	}

	sift() {
		for (const item of this.list.children)
			item.hidden = !this.matches(item);
		this.list.scrollTop = this.list.scrollHeight;
	}
}

/* Colour the entry for a fault by what was decided, and set that off from what was found. */
function fault(item, text) {
	const [, found, decided, cost] = /^(.*\): )(.*)(; this took .*)$/.exec(text) ?? [null, "", text, ""];
	const [, state] = DECISIONS.find(([words]) => words.test(decided)) ?? [];
	const strong = document.createElement("strong");

	item.className = "fault";
	if (state)
		item.style.setProperty("--state", `var(--${state})`);
	strong.textContent = decided;
	return [found, strong, cost];
}

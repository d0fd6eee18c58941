/*
 * machine.js: the PC. Its CD is Quire's ISO, its disk an empty swap area, and its serial lines are
 *
 *	ttyS0	the shell's terminal
 *	ttyS1	the kernel's log
 *	ttyS2	what the frames of memory are, a line of JSON each time (user/vmtop/feed.h)
 *
 * The options on the kernel's command line that say so are in tools/web.py.
 */
import {V86} from "./v86/libv86.mjs";

const MIB = 1 << 20;
const PAGE = 4096;
const SWAP_BYTES = 32 * MIB;

/* An empty area as mkswap(8) makes it: version and last page, and the signature at the end of page 0. */
function makeSwap() {
	const disk = new ArrayBuffer(SWAP_BYTES);
	const header = new DataView(disk, 1024);
	const signature = new Uint8Array(disk, PAGE - 10);

	header.setUint32(0, 1, true);
	header.setUint32(4, SWAP_BYTES / PAGE - 1, true);
	signature.set(new TextEncoder().encode("SWAPSPACE2"));
	return disk;
}

/* Call fn for each whole line that comes over a serial line. */
function lines(emulator, port, fn) {
	let line = "";

	emulator.add_listener(`serial${port}-output-byte`, (byte) => {
		if (byte === 10) {
			fn(line);
			line = "";
		} else if (byte !== 13) {
			line += String.fromCharCode(byte);
		}
	});
}

/* The sample that a line is; undefined: it is none, for any program in the guest may write there, and an exception
 * here would end the emulator. */
function sampleOf(line) {
	try {
		const sample = JSON.parse(line);

		return typeof sample.frames === "string" && Array.isArray(sample.swap) ? sample : undefined;
	} catch {
		return undefined;
	}
}

/* Call fn with all bytes that have come since the last time, before the screen is drawn. */
function bytes(emulator, port, fn) {
	let pending = [];

	emulator.add_listener(`serial${port}-output-byte`, (byte) => {
		if (pending.push(byte) === 1)
			setTimeout(() => {
				const data = new Uint8Array(pending);

				pending = [];
				fn(data);
			});
	});
}

/*
 * Start a PC with so many MiB of memory. The functions in on are told what happens: terminal(bytes),
 * log(line), frames(sample), loading(name, fraction), failed(name), started(), stopped().
 */
export function startMachine(mib, on) {
	const emulator = new V86({
		wasm_path: "v86/v86.wasm",
		bios: {url: "firmware/bios.bin"},
		vga_bios: {url: "firmware/vgabios.bin"},
		cdrom: {url: "quire.iso"},
		hda: {buffer: makeSwap()},
		memory_size: mib * MIB,
		vga_memory_size: 2 * MIB,
		uart1: true,
		uart2: true,
		disable_keyboard: true,
		disable_mouse: true,
		disable_speaker: true,
		autostart: true,
	});

	bytes(emulator, 0, on.terminal);
	lines(emulator, 1, on.log);
	lines(emulator, 2, (line) => {
		const sample = sampleOf(line);

		if (sample)
			on.frames(sample);
	});
	emulator.add_listener("download-progress", (e) =>
		on.loading(e.file_name, e.lengthComputable ? e.loaded / e.total : 0));
	emulator.add_listener("download-error", (e) => on.failed(e.file_name));
	emulator.add_listener("emulator-started", on.started);
	emulator.add_listener("cpu-event-halt", on.stopped);
	return {
		type: (text) => emulator.serial_send_bytes(0, new TextEncoder().encode(text)),
		end: () => emulator.destroy(),
	};
}

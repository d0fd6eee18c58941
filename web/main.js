/* main.js: the page: a machine, its terminal, the map of its memory, its log. */
import {Terminal} from "./xterm/xterm.mjs";
import {Log} from "./log.js";
import {startMachine} from "./machine.js";
import {FrameMap} from "./map.js";

const $ = (id) => document.getElementById(id);
const PAGE_KIB = 4;

/* Commands that show something, for so many MiB of memory. */
const TRY = [
	["Tour", () => "tour", "A fork, a write, a page that goes to disk, step by step in the kernel's words."],
	["Fork", () => "x=$(seq 9999); (sleep 5; :)",
		"A child sleeps beside the shell. Both see the same frames until somebody writes."],
	["Copy on write", () => "(x=2)", "A fork, and a write on each side. Read in the log who copies what."],
	["Use memory", () => "head -c 2m /dev/zero | tail -c 2m | sleep 5",
		"tail keeps 2 MiB until it can write them: 512 frames for five seconds."],
	["More than there is", (mib) => `head -c ${mib + 2}m /dev/zero | tail -c ${mib + 2}m | wc -c`,
		"tail needs more than all memory: pages go to the disk, and come back."],
];

const terminal = new Terminal({rows: 24, cols: 80, fontSize: 13, scrollback: 2000});
const map = new FrameMap($("map"), $("legend"), $("cell"));
const log = new Log($("log"), $("filter"), $("hold"), $("clear"));
let machine, mib, before;

function status(text, kind = "") {
	$("status").textContent = text;
	$("status").className = kind;
}

/* ---- numbers ---- */

const numbers = {};

function numbersMake() {
	for (const [name, text] of [["faults", "faults"], ["in", "from swap"], ["out", "to swap"]])
		numbers[name] = numberAdd(`${text} a second`);
	numbers.swap = numberAdd("KiB in swap");
}

function numberAdd(text) {
	const entry = document.createElement("div"), value = document.createElement("dd");
	const title = document.createElement("dt");

	title.textContent = text;
	value.textContent = "0";
	entry.append(title, value);
	$("numbers").append(entry);
	return value;
}

function numbersShow(sample) {
	const seconds = before ? sample.time - before.time : 0;

	for (const name of ["faults", "in", "out"])
		numbers[name].textContent = seconds > 0 ? Math.round((sample[name] - before[name]) / seconds) : 0;
	numbers.swap.textContent = `${sample.swap[0] * PAGE_KIB} of ${sample.swap[1] * PAGE_KIB}`;
	before = sample;
}

/* ---- the machine ---- */

function start() {
	machine?.end();
	mib = Number($("memory").value);
	before = undefined;
	terminal.reset();
	status("Loading…");
	machine = startMachine(mib, {
		terminal: (bytes) => terminal.write(bytes),
		log: (line) => log.add(line),
		frames: (sample) => {
			map.show(sample);
			numbersShow(sample);
			status("Running", "good");
		},
		loading: (name, fraction) => status(`Loading ${name}: ${Math.round(100 * fraction)}%`),
		failed: (name) => status(`${name} could not be loaded; is this page served by ./quire web?`, "bad"),
		started: () => status("Booting…"),
		stopped: () => status("The machine is off; Restart turns it on.", "bad"),
	});
	terminal.focus();
}

function tryAdd([name, command, help]) {
	const button = document.createElement("button");

	button.type = "button";
	button.textContent = name;
	button.title = help;
	button.addEventListener("click", () => {
		machine.type(`${command(mib)}\r`);
		terminal.focus();
	});
	$("try").append(button);
}

terminal.open($("terminal"));
terminal.onData((text) => machine.type(text));
numbersMake();
TRY.forEach(tryAdd);
$("machine").addEventListener("submit", (event) => {
	event.preventDefault();
	start();
});
start();

// Fills letters with docxtemplater and its free image module, as bench_fillers.py does with others.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const Docxtemplater = require("docxtemplater");
const ImageModule = require("docxtemplater-image-module-free");
const PizZip = require("pizzip");

const folder = process.argv[2];
const work = JSON.parse(fs.readFileSync(path.join(folder, "work.json"), "utf8"));
const picture = fs.readFileSync(path.join(folder, "seal.png"));
const template = fs.readFileSync(path.join(folder, "docxtemplater.docx"));
const side = 113; // pixels: 3 cm at 96 dpi

function fill(at) {
  const image = new ImageModule({ centered: false, getImage: () => picture, getSize: () => [side, side] });
  const letter = new Docxtemplater(new PizZip(template), { modules: [image] });
  letter.render({ ...work.letters[at], seal: "seal" });
  return letter.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
}

console.log("ready");
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [verb, rest] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
  if (verb === "write") {
    fs.writeFileSync(rest, fill(0));
    console.log("");
    return;
  }
  const started = process.hrtime.bigint();
  for (let at = 0; at < Number(rest); at++) fill(at % work.letters.length);
  console.log(Number(process.hrtime.bigint() - started) / 1e9);
});

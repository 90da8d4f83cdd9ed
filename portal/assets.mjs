// Others' assets as the portal serves them: htmx as it is, the font with the letters and weights that are used.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";

const BUILT = "src/portal/built";
const FONT = "node_modules/vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2";
const WEIGHTS = { wght: { min: 400, max: 700 } };
const PERSIAN =
  "ءآأؤإئابةپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهۀیيى" + // with the Arabic forms that people type
  "ًٌٍَُِّْٔ" +
  "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩" +
  "،؛؟٪٫٬ـ\u200c\u200d" +
  " \u00a0!()*+-./:0123456789[]«»–—…×·•"; // what a Persian line has of other scripts
const ASCII = String.fromCodePoint(...Array.from({ length: 94 }, (_, at) => 0x21 + at));
const LATIN = [...ASCII].filter((letter) => !PERSIAN.includes(letter)).join("");

async function subset(script, letters) {
  const font = await subsetFont(readFileSync(FONT), letters, { targetFormat: "woff2", variationAxes: WEIGHTS });
  writeFileSync(`${BUILT}/vazirmatn-${script}.woff2`, font);
}

mkdirSync(BUILT, { recursive: true });
await Promise.all([subset("persian", PERSIAN), subset("latin", LATIN)]);
copyFileSync("node_modules/vazirmatn/OFL.txt", `${BUILT}/vazirmatn-license.txt`);
copyFileSync("node_modules/htmx.org/dist/htmx.min.js", `${BUILT}/htmx.js`);
copyFileSync("node_modules/htmx.org/dist/ext/hx-sse.min.js", `${BUILT}/htmx-sse.js`);

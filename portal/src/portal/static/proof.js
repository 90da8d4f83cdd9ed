// Checks one's own entry of a draw here, from the public files alone; docs/draws.md has the formats.
const API = "/api/v1/draws/";
const TAG = "nobat.draw.entry.v1\0";
const text = new TextEncoder();

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

async function fetched(path) {
  const answer = await fetch(API + path);
  if (answer.status === 404 || answer.status === 422) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

// RFC 6962: a leaf begins with 0x00, a node with 0x01.
async function climbed(proof) {
  let here = await sha256([0], text.encode(proof.line));
  for (const step of proof.steps) {
    here = step.left ? await sha256([1], bytes(step.hash), here) : await sha256([1], here, bytes(step.hash));
  }
  return hex(here);
}

async function check(plan, code, salt, written) {
  const own = hex(await sha256(text.encode(TAG), bytes(plan.replaceAll("-", "")), bytes(salt)));
  const proof = await (await fetched(`${plan}/proof/${code}`))?.json();
  const commitment = new Uint8Array(await (await fetched(`${plan}/commitment`)).arrayBuffer());
  const committed = JSON.parse(new TextDecoder().decode(commitment));
  const fingerprint = hex(await sha256(commitment));
  const told = await (await fetched(plan)).json();
  return [
    ["salt", own === code],
    ["listed", Boolean(proof?.line.startsWith(`${code},`))],
    ["root", Boolean(proof) && (await climbed(proof)) === committed.merkle_root],
    ["commitment", fingerprint === (written || told.commitment_sha256)],
  ];
}

const place = document.querySelector("[data-proof]");
if (place && crypto.subtle) {
  const form = place.querySelector("form");
  const answers = place.querySelector("[data-answers]");
  const say = (name, good) => {
    const line = document.createElement("li");
    line.className = good ? "good" : "bad";
    line.textContent = `${good ? "✓" : "✗"} ${answers.dataset[name]}`;
    answers.append(line);
  };
  const value = (id) => document.getElementById(id).value.trim().toLowerCase();
  place.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answers.replaceChildren();
    const [code, salt] = [value("entry_code"), value("salt")];
    if (!/^[0-9a-f]{64}$/.test(code) || !/^[0-9a-f]{32}$/.test(salt)) return say("malformed", false);
    try {
      const found = await check(form.dataset.plan, code, salt, value("written"));
      for (const [name, good] of found) say(good ? name : `${name}Not`, good);
    } catch {
      say("unanswered", false);
    }
  });
}

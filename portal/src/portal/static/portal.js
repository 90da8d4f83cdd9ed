// What pages are the better for: nothing here is needed.
const persian = document.documentElement.lang === "fa";
const digits = (text) => (persian ? String(text).replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]) : String(text));
const two = (count) => String(count).padStart(2, "0");

function remaining(seconds) {
  const days = Math.floor(seconds / 86400);
  const parts = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map((part) => two(Math.floor(part)));
  const clock = parts.slice(seconds < 3600 ? 1 : 0).join(":");
  const dayWord = persian ? " روز و " : days === 1 ? " day " : " days ";
  return digits(days ? days + dayWord + clock : clock);
}

// data-countdown: a moment, or seconds from now; data-now: the server's clock; data-then: the id of what appears at the end.
function countDown(element) {
  const now = element.dataset.now ? Date.parse(element.dataset.now) : Date.now();
  const given = element.dataset.countdown;
  const total = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
  const end = performance.now() + total;
  const then = document.getElementById(element.dataset.then ?? "");
  const waiting = element.closest("[data-waiting]");
  if (then) then.hidden = total > 0;
  if (waiting) waiting.hidden = total <= 0;
  const tick = () => {
    const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
    element.textContent = remaining(seconds);
    if (seconds > 0) return;
    clearInterval(timer);
    if (waiting) waiting.hidden = true;
    if (then) then.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

function wake(root) {
  root.querySelectorAll("[data-countdown]").forEach(countDown);
  root.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  root.querySelector("[data-focus]")?.focus();
}

wake(document);
document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("htmx:after:swap", (event) => wake(event.target));
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

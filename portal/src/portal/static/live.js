// An order as it happens: reads the page again when the order changed, and puts what is live in its place.
const live = document.querySelector("[data-live]");
let shown = null;

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
  }
  document.dispatchEvent(new CustomEvent("portal:fresh"));
}

if (live) {
  const events = new EventSource(live.dataset.live);
  events.addEventListener("order", (event) => {
    const known = shown ?? live.dataset.state;
    const told = JSON.parse(event.data);
    shown = `${told.state} ${told.version}`;
    if (known !== told.state && known !== shown) refresh();
  });
  addEventListener("pagehide", () => events.close());
}

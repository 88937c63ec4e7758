"use strict";

// Asks the server of a live page for its avatars: all of them, page after page, then for those that are new or changed.

(() => {
  const AGAIN_MS = 2000;
  const AGAIN_MOST_MS = 60000; // where nobody responds
  const NOTHING = { rows: [], texts: [] };

  let state = "live";

  function show(listing) {
    document.dispatchEvent(new CustomEvent("avatars", { detail: { ...listing, state } }));
  }

  async function ask(query) {
    const response = await fetch(`avatars?${new URLSearchParams(query)}`);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  /** Return the number that later changes have. */
  async function showAll() {
    let listing = await ask({});
    const { number } = listing;
    for (show(listing); listing.more; show(listing)) listing = await ask({ after: listing.last });
    return number;
  }

  async function follow() {
    let number = null;
    for (let pause = AGAIN_MS; ; await new Promise((done) => setTimeout(done, pause))) {
      try {
        number ??= await showAll();
        const changed = await ask({ since: number });
        if (changed.rows.length || state !== "live") {
          state = "live";
          show(changed);
        }
        number = changed.lost ? null : changed.number;
        pause = AGAIN_MS;
      } catch {
        if (state === "live") {
          state = "no longer live";
          show(NOTHING);
        }
        pause = Math.min(pause * 2, AGAIN_MOST_MS);
      }
    }
  }

  follow();
})();

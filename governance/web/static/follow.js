// Follows work that goes on: asks for the same page every two seconds, and shows what it says now of the part that is followed.
"use strict";
(() => {
  const part = document.getElementById("follow");
  if (!part || !part.dataset.follow) return;
  const look = async () => {
    if (document.hidden) return void setTimeout(look, 2000);
    let answer;
    try {
      answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    } catch {
      return void setTimeout(look, 5000);
    }
    if (!answer.ok || answer.redirected) return void location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("follow");
    if (!now || !now.dataset.follow) return void location.reload();
    const held = document.activeElement && part.contains(document.activeElement);
    if (!held) part.replaceChildren(...now.childNodes);
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();

// mid.html#MESSAGE-ID: asks this site whether it serves mid/MESSAGE-ID/ and goes there.
"use strict";
(function () {
  function look() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (error) { /* keep it as typed */ }
    id = id.trim().replace(/^<|>$/g, "");
    if (!id) return;
    document.getElementById("id").value = "mid:" + id;
    const there = "mid/" + encodeURIComponent(id) + "/";
    if (!location.protocol.startsWith("http")) return;
    fetch(there, { method: "HEAD" }).then(function (answer) {
      if (answer.ok) location.replace(there);
    }, function () { /* a plain copy: the form remains */ });
  }
  addEventListener("hashchange", look);
  look();
})();

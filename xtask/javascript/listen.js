// Looks at a page as it came to stand in the browser: what is in it that no page of ours may have.
// Then touches everything, so that whatever waits for a reader's hand acts now. BASE is what the
// site's own addresses begin with.
(async () => {
  // Files that are no pages are shown in a frame of the browser's own.
  if (!/html/.test(document.contentType)) return [];
  const found = new Set();
  const say = (words) => found.size < 50 && found.add(words.slice(0, 300));
  const forbidden = new Set(['iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base', 'style',
    'math', 'foreignobject', 'audio', 'video', 'source', 'track', 'portal', 'fencedframe', 'template',
    'slot', 'dialog', 'marquee', 'animate', 'set', 'use', 'image', 'isindex', 'keygen', 'noscript',
    'textarea', 'xmp', 'plaintext', 'noembed', 'noframes', 'map', 'area', 'canvas', 'param']);
  const asking = new Set(['srcdoc', 'formaction', 'background', 'srcset', 'ping', 'poster', 'data',
    'xlink:href', 'target', 'lowsrc', 'dynsrc', 'longdesc', 'cite', 'usemap', 'manifest', 'style',
    'popovertarget', 'autofocus', 'tabindex', 'contenteditable', 'slot', 'is']);
  const inside = (url) => url.startsWith(BASE);
  const all = document.querySelectorAll('*');
  for (const element of all) {
    const name = element.localName.toLowerCase();
    if (forbidden.has(name)) say('element ' + name);
    for (const attribute of element.attributes) {
      const key = attribute.name.toLowerCase();
      // A long text of ours can be scrolled by keyboard.
      const scrolls = key === 'tabindex' && name === 'pre' && attribute.value === '0' && !element.closest('.html');
      if (key.startsWith('on') || (asking.has(key) && !scrolls)) say('attribute ' + key + ' of ' + name);
      if ((key === 'id' || key === 'name') && element.closest('.html')) say(key + ' within a mail');
    }
    if (name === 'script' && !(element.src && inside(element.src))) say('element script');
    if (name === 'meta' && /refresh/i.test(element.httpEquiv || '') && element.closest('body')) say('refresh');
    if (name === 'link' && !(inside(element.href) || /canonical/.test(element.rel))) say('link to ' + element.href);
    if (name === 'img' && !inside(element.src)) say('picture from ' + element.src);
    if (name === 'form' && !inside(element.action)) say('form to ' + element.action);
    // What our own script adds stands outside the mail.
    const ours = name === 'button' && element.type === 'button' && element.classList.contains('plain')
      && !element.closest('.html, .body');
    if (['input', 'button', 'select'].includes(name) && !element.form && !ours) say(name + ' without a form');
    if (name === 'form' && element.closest('.html, .body')) say('form within a mail');
    if (element.hasAttribute('href') && name === 'a') {
      const scheme = element.protocol;
      // What is no address at all (`ftp://a:b`) has the scheme `:` and leads nowhere.
      if (!inside(element.href) && !['http:', 'https:', 'ftp:', 'mailto:', ':'].includes(scheme)) say('link ' + element.href);
      if (element.closest('.html') && inside(element.href)) say('link into the site within a mail: ' + element.href);
    }
  }
  const stay = (event) => event.preventDefault();
  for (const kind of ['click', 'submit', 'auxclick']) addEventListener(kind, stay, true);
  const kinds = ['pointerover', 'mouseover', 'mouseenter', 'mousemove', 'mousedown', 'mouseup', 'click', 'focus',
    'focusin', 'blur', 'keydown', 'toggle', 'scroll', 'wheel', 'dragstart', 'copy', 'animationstart', 'load', 'error'];
  for (const element of Array.from(all).slice(0, 4000)) {
    for (const kind of kinds) element.dispatchEvent(new Event(kind, {bubbles: false, cancelable: true}));
    if (element.localName === 'details') element.open = true;
  }
  await new Promise((done) => setTimeout(done, 15));
  return Array.from(found);
})()
//# sourceURL=posthoc-listens


'use strict';
(() => {
  const form = document.getElementById('filter');
  if (!form) return;
  const entries = [...document.querySelectorAll('.rows > li')].map((element) => ({ element, text: null }));
  const choices = ['verdict', 'severity', 'owner', 'since', 'framework'].filter((name) => form.elements[name]);
  const holds = (entry, wanted, words) => {
    const data = entry.element.dataset;
    for (const [name, value] of wanted) {
      const has = name === 'framework' ? ` ${data.framework} `.includes(` ${value} `) : data[name] === value;
      if (!has) return false;
    }
    if (!words.length) return true;
    entry.text ??= entry.element.textContent.toLowerCase();
    return words.every((word) => entry.text.includes(word));
  };
  const filter = () => {
    const wanted = choices.map((name) => [name, form.elements[name].value]).filter(([, value]) => value !== '');
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const is = holds(entry, wanted, words);
      shown += is;
      if (entry.element.hidden === is) entry.element.hidden = !is;
    }
    form.elements.shown.value = `${shown} of ${entries.length}`;
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
})();

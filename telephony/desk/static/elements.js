// Building the page's elements. Text is only ever set as text, so that nothing a caller says becomes markup.

/** An element with attributes and children (elements or strings; null and false are left out). */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return made;
}

/** The element with that id. */
export const byId = (id) => document.getElementById(id);

/** Set an element's text only if it changes, so that screen readers are not told the same again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

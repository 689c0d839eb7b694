/* On a narrow page what others wrote begins folded, so that one's own fields are in reach of the thumb. */
if (window.matchMedia("(width < 768px)").matches) {
  for (const fold of document.querySelectorAll("details[data-fold]")) fold.open = false;
}

/* On a narrow place a long stepper shows what is around the present; the rest unfolds on demand. */
export function startSteppers(root) {
  for (const stepper of root.querySelectorAll("[data-stepper]")) {
    if (stepper.querySelector(".stepper-more")) continue;
    const steps = [...stepper.querySelectorAll(".step")];
    const here = steps.findIndex((step) => step.classList.contains("step-here"));
    if (steps.length <= 4) continue;
    const centre = here === -1 ? steps.length - 1 : here;
    steps.forEach((step, index) => step.classList.toggle("is-far", index < centre - 1 || index > centre + 1));
    const more = document.createElement("button");
    more.type = "button";
    more.className = "stepper-more";
    const fold = (folded) => {
      stepper.classList.toggle("is-folded", folded);
      more.textContent = folded ? stepper.dataset.showAll : stepper.dataset.showLess;
      more.setAttribute("aria-expanded", String(!folded));
    };
    more.addEventListener("click", () => fold(!stepper.classList.contains("is-folded")));
    stepper.append(more);
    fold(true);
  }
}

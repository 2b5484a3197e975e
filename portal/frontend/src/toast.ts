// Short messages that leave by themselves, with an action where one can be undone.

const STAY = 10_000;

export function toast(sentence: string, action?: { name: string; run: () => void }): void {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "toast";
  const text = document.createElement("span");
  text.textContent = sentence;
  box.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.name;
    button.addEventListener("click", () => {
      box.remove();
      action.run();
    });
    box.append(button);
  }
  place.append(box);
  const leave = () => {
    if (box.matches(":focus-within, :hover")) window.setTimeout(leave, STAY);
    else box.remove();
  };
  window.setTimeout(leave, STAY);
}

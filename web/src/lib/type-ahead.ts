/**
 * What is typed between asking for a field and its having the focus. Keys wait here meanwhile, wherever
 * the focus is; whatever takes it then ends the waiting, and the field takes what was typed.
 */
let typed = '';

function pressed(event: KeyboardEvent): void {
  const meant = event.getModifierState('AltGraph') || !(event.ctrlKey || event.metaKey || event.altKey);
  if (!meant || event.isComposing) return;
  const letters = [...typed];
  if ([...event.key].length === 1) letters.push(event.key);
  else if (event.key === 'Backspace') letters.pop();
  // What Enter chooses is not there yet, and is nothing of the page below.
  else if (event.key !== 'Enter') return;
  typed = letters.join('');
  event.preventDefault();
  event.stopPropagation();
}

function end(): void {
  window.removeEventListener('keydown', pressed, true);
  window.removeEventListener('focusin', end, true);
}

export const typeAhead = {
  /** From now on keys wait, until something takes the focus. */
  begin(): void {
    typed = '';
    window.addEventListener('keydown', pressed, true);
    window.addEventListener('focusin', end, true);
  },
  /** What was typed since then; once. */
  take(): string {
    const taken = typed;
    typed = '';
    return taken;
  },
};

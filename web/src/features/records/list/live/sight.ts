/** Which rows of a list one sees, as the list tells; and the way to the first one. */
export class Sight {
  first = 0;
  last = 0;
  #toTop: () => void = () => undefined;

  sees(first: number, last: number, toTop: () => void): void {
    this.first = first;
    this.last = last;
    this.#toTop = toTop;
  }

  toTop(): void {
    this.#toTop();
  }
}

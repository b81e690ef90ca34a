/** Keeps the end of a command's output, in constant memory however long it is. */
export class Tail {
  readonly #ring: Buffer;
  /** Bytes so far; the next one goes to this place of the ring. */
  #written = 0;
  /** The unfinished last line of each stream: two streams must not meet within a line. */
  readonly #unfinished = new Map<string, Buffer>();

  /** @param limit bytes that are kept */
  constructor(limit = 65_536) {
    this.#ring = Buffer.alloc(limit);
  }

  /** Takes the next bytes of a stream; characters and lines may be split anywhere. */
  push(chunk: Uint8Array, stream = 'stdout'): void {
    const end = chunk.lastIndexOf(10) + 1;
    const before = this.#unfinished.get(stream) ?? empty;
    if (end > 0) {
      this.#keep(before);
      this.#keep(chunk.subarray(0, end));
    }
    const rest = end > 0 ? [chunk.subarray(end)] : [before, chunk];
    // A copy, because the chunk's memory is used again.
    const joined = Buffer.concat(rest);
    this.#unfinished.set(stream, joined.subarray(Math.max(0, joined.length - this.#ring.length)));
  }

  /** The end of the output so far; an unfinished line counts. Begins with a complete line, unless there is only one. */
  get text(): string {
    const size = this.#ring.length;
    const at = this.#written % size;
    const kept =
      this.#written < size
        ? this.#ring.subarray(0, at)
        : Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
    const all = Buffer.concat([kept, ...this.#unfinished.values()]);
    const cut = Math.max(0, all.length - size);
    const overflown = cut > 0 || this.#written > size;
    const line = overflown ? all.indexOf(10, cut) + 1 : 0;
    return all.subarray(line > 0 && line < all.length ? line : cut).toString('utf8');
  }

  #keep(bytes: Uint8Array): void {
    const size = this.#ring.length;
    const last = bytes.subarray(Math.max(0, bytes.length - size));
    const at = (this.#written + bytes.length - last.length) % size;
    const first = last.subarray(0, size - at);
    this.#ring.set(first, at);
    this.#ring.set(last.subarray(first.length), 0);
    this.#written += bytes.length;
  }
}

const empty = Buffer.alloc(0);

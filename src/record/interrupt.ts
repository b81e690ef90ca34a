/** Signals that tell the recorder to stop. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a push at the first signal, so that what could not be sent yet is put aside before the process ends. */
export class Interrupt {
  /** The signal that came, if one did. */
  caught: NodeJS.Signals | undefined;
  readonly #controller = new AbortController();

  constructor() {
    for (const signal of stopSignals) process.on(signal, this.#onSignal);
  }

  /** Aborted when a signal comes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** No longer listens. */
  stop(): void {
    for (const signal of stopSignals) process.removeListener(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.caught ??= signal;
    this.#controller.abort();
  };
}

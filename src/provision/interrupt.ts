/**
 * Turns the first Ctrl-C (or SIGTERM) into an aborted signal: what is under way ends, nothing new is begun, and what was
 * done is said. The second one ends the process at once.
 */
export function interruptible(say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    say('Stopping after what is under way; press Ctrl-C again to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

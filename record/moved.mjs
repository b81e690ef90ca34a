// Workflows that still name the old place go on recording.
console.log(
  '::warning title=The action has moved::It is at the root of the repository now: remove "/record" from "uses:". This place goes with the next release.',
);
await import('../generated/record-action.mjs');

import type { Check, Found, View } from './check.ts';
import { metricsReadNow } from './tree.ts';

/** Facts of one deployment: their series exist for some minutes after it finished. */
const isFact = /^deployment(_stage|_test|_resource|_runner|_service)?:/;
const isLedger = /^deployment-ledger/;
/** The ledger's own rooms read facts at the moments at which it writes them. */
const ledgerFiles = 'src/ledger/';

/** By this series the ledger says when facts are written; what it records without asking it is there all the time. */
const gate = 'deployment:last_event_timestamp_seconds:max';

/** The gate, and what is written only while it is open: each rule stands before those that read it. */
function factsIn(view: View): ReadonlySet<string> {
  const facts = new Set<string>();
  for (const expression of view.expressions) {
    const { usage } = expression;
    if (usage.kind !== 'rule' || usage.rule.kind !== 'record' || !isLedger.test(usage.group.name)) continue;
    const { record } = usage.rule;
    const gated = [...metricsReadNow(expression, view)].some((name) => facts.has(name));
    if (record === gate || (gated && isFact.test(record))) facts.add(record);
  }
  return facts;
}

export const ledgerFact: Check = {
  id: 'ledger-fact',
  severity: 'error',
  summary: 'A fact of the ledger is read over a range, but for the rules of the ledger itself.',
  why: 'Its series ends some minutes after the deployment: the present value is missing for all that finished earlier.',
  *run(view): Iterable<Found> {
    const facts = factsIn(view);
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      const own = usage.kind === 'rule' && isLedger.test(usage.group.name);
      if (own || file.startsWith(ledgerFiles)) continue;
      for (const name of metricsReadNow(expression, view))
        if (facts.has(name))
          yield {
            summary: `It reads the present value of ${name}, which is gone some minutes after the deployment finished.`,
            place,
            file,
            fix: `Look back over a range: last_over_time(${name}[30d]).`,
          };
    }
  },
};

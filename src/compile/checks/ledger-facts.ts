import type { Check, Found } from './check.ts';
import { metricsReadNow } from './tree.ts';

/** Facts of one deployment: their series exist for some minutes after it finished. */
const isFact = /^deployment(_stage|_test|_resource|_service)?:/;
const isLedger = /^deployment-ledger/;
/** The ledger's own rooms read facts at the moments at which it writes them. */
const ledgerFiles = 'src/ledger/';

export const ledgerFact: Check = {
  id: 'ledger-fact',
  severity: 'error',
  summary: 'A fact of the ledger is read over a range, but for the rules of the ledger itself.',
  why: 'Its series ends some minutes after the deployment: the present value is missing for all that finished earlier.',
  *run(view): Iterable<Found> {
    const facts = new Set(
      view.rules.flatMap(({ rule, group }) =>
        rule.kind === 'record' && isLedger.test(group.name) && isFact.test(rule.record) ? [rule.record] : [],
      ),
    );
    for (const expression of view.expressions) {
      const { usage, place, file } = expression;
      const own = usage.kind === 'rule' && isLedger.test(usage.group.name);
      if (own || file.startsWith(ledgerFiles)) continue;
      for (const name of metricsReadNow(expression, view))
        if (facts.has(name as never))
          yield {
            summary: `It reads the present value of ${name}, which is gone some minutes after the deployment finished.`,
            place,
            file,
            fix: `Look back over a range: last_over_time(${name}[30d]).`,
          };
    }
  },
};

import { judgeWithPromtool } from '../../compile/index.ts';
import { clientOf, type Dependencies, type Options } from '../context.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { DirectoryDelivery, type Reading } from '../delivery/directory.ts';
import { imageDelivery } from '../delivery/image.ts';
import type { Owner } from '../owner.ts';
import type { RuleFile } from '../rule.ts';
import type { Settings } from '../settings.ts';
import { RulerDelivery } from './ruler.ts';
import { RulerApi } from './ruler-api.ts';
import type { RuleServer } from './server.ts';

/** The delivery that the settings name. */
export function chooseDelivery(
  settings: Settings,
  server: RuleServer,
  owner: Owner,
  options: Options,
  world: Dependencies,
): Delivery | undefined {
  const { rules } = settings;
  switch (rules?.delivery) {
    case 'directory':
      return new DirectoryDelivery(rules.directory, readingRules(server), owner);
    case 'ruler': {
      const client = clientOf('The ruler', rules.ruler, settings, world);
      return new RulerDelivery(new RulerApi(client, rules.namespace), rules, owner);
    }
    case 'railway': {
      const image = { name: 'Prometheus', id: rules.service, folder: 'prometheus' };
      return imageDelivery(rules.api, image, settings, options, world);
    }
    case undefined:
      return undefined;
  }
}

/** Rule files as Prometheus reads them. */
const readingRules = (server: RuleServer): Reading => ({
  file: 'rule file',
  variable: 'RULES_DIRECTORY',
  must: 'It must be the directory that Prometheus lists under rule_files, with files that end in .yml.',
  client: server.client,
  reload: () => server.reload(),
  refused: refusedRules,
});

/** Which rules promtool refuses; Prometheus itself says it in its log only. */
async function refusedRules(files: readonly RuleFile[]): Promise<string> {
  const judged = await judgeWithPromtool(Object.fromEntries(files.map((f) => [f.name, f.text])));
  if (judged.kind === 'not installed')
    return 'Its log names the rule, as `promtool check rules generated/prometheus/rules/*.yml` does.';
  const details = judged.findings.flatMap((finding) => finding.details ?? []);
  return details.length > 0
    ? `promtool says:\n  ${details.join('\n  ')}`
    : 'promtool finds nothing wrong in these files, so it is another one that Prometheus reads, or its configuration; its log says which.';
}

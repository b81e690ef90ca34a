import { projectPath } from '../../lib/root.ts';
import { burnsAs, burnWindows, deadWindows, factorOf, highestBurnRate } from '../../slo/index.ts';
import type { Check, Location, View } from '../checks/check.ts';
import { examplesFile } from './example-input.ts';
import { alertFile, alertGroup } from './rules.ts';
import { examplesOf } from './tests.ts';

/** Every alert with its place. */
const located = ({ families }: View) =>
  families.flatMap((family) =>
    family.alerts.map((alert) => ({
      alert,
      family,
      at: {
        place: [`${alertFile}.yml`, alertGroup, alert.name],
        file: projectPath(family.source),
      } satisfies Location,
    })),
  );

export const alertSilence: Check = {
  id: 'alert-silence',
  severity: 'error',
  summary: 'An alert is silenced by alerts that exist, by no circle, and not by itself.',
  why: 'A misspelt name silences nothing, and two alerts that silence each other are both lost.',
  *run(view) {
    const all = new Map(located(view).map(({ alert }) => [alert.name, alert]));
    for (const { alert, at } of located(view))
      for (const name of alert.inhibitedBy ?? []) {
        const by = all.get(name);
        const circle = name === alert.name || by?.inhibitedBy?.includes(alert.name);
        if (by && !circle) continue;
        yield {
          ...at,
          summary: by
            ? `It is silenced by ${name}, which it silences itself.`
            : `It is silenced by "${name}", and there is no such alert.`,
          fix: by ? 'Remove one of the two.' : 'Fix the name.',
        };
      }
  },
};

export const alertExample: Check = {
  id: 'alert-example',
  severity: 'error',
  summary: 'The examples of an alert are looked at when it is evaluated.',
  why: 'Rules are evaluated in steps: between two, promtool sees the state of the one before.',
  *run(view) {
    for (const { alert, family, at } of located(view)) {
      for (const { kind, example, step } of examplesOf(alert))
        if (!(example.at > 0 && example.at % step === 0))
          yield {
            ...at,
            place: [...at.place, kind, example.title],
            file: examplesFile(family),
            summary: `It is looked at after ${example.at} s, which is no multiple of ${step} s.`,
            fix: `Choose a multiple of ${step}.`,
          };
    }
  },
};

export const burnDead: Check = {
  id: 'burn-dead',
  severity: 'error',
  summary: 'Every pair of burn windows can fire for every SLO that it is for.',
  why: 'A budget cannot burn faster than when everything fails: a factor above that is an alert that never comes.',
  *run({ objectives }) {
    for (const o of objectives) {
      const place = ['objectives', o.id];
      const file = projectPath(o.source);
      for (const w of deadWindows(o))
        yield {
          place,
          file,
          summary: `The pair ${w.long} and ${w.short} alerts at ${factorOf(w)} times, and with an objective of ${o.objective} the budget burns ${Number(highestBurnRate(o.objective).toFixed(2))} times at most.`,
          fix: 'Raise the objective, or give the SLO tickets only, or none.',
        };
      if (o.objective === 1 && burnWindows.some((w) => burnsAs(o, w.severity)))
        yield {
          place,
          file,
          summary: 'It has burn alerts and no budget that could burn.',
          fix: "Set its burn to 'none': each bad event has an alert of its own.",
        };
    }
  },
};

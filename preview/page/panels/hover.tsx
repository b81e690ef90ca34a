import { DataHoverClearEvent, DataHoverEvent, type EventBus } from '@grafana/data';
import {
  Portal,
  VizTooltipContainer,
  VizTooltipContent,
  VizTooltipHeader,
  type VizTooltipItem,
  VizTooltipWrapper,
} from '@grafana/ui';
import { useEffect, useState } from 'react';

/** The place under the mouse. */
export interface Hovered {
  readonly title: string;
  readonly items: VizTooltipItem[];
}

/** The same, and where on the screen. */
export interface HoveredAt extends Hovered {
  readonly x: number;
  readonly y: number;
}

const distance = { x: 12, y: 12 };

/** A tooltip beside the mouse, in Grafana's dress. */
export function HoverTooltip({ hovered }: { hovered: HoveredAt | undefined }) {
  if (!hovered) return null;
  return (
    <Portal>
      <VizTooltipContainer position={{ x: hovered.x, y: hovered.y }} offset={distance}>
        <VizTooltipWrapper>
          <VizTooltipHeader item={{ label: '', value: hovered.title }} isPinned={false} />
          <VizTooltipContent items={hovered.items} isPinned={false} />
        </VizTooltipWrapper>
      </VizTooltipContainer>
    </Portal>
  );
}

/** The time at which the mouse stands in another panel, for the shared crosshair. */
export function useSharedTime(bus: EventBus, enabled: boolean): number | undefined {
  const [time, setTime] = useState<number>();
  useEffect(() => {
    if (!enabled) return;
    const hover = bus.getStream(DataHoverEvent).subscribe((event) => {
      const at: unknown = event.payload.point?.time;
      if (event.origin !== bus) setTime(typeof at === 'number' ? at : undefined);
    });
    const clear = bus.getStream(DataHoverClearEvent).subscribe(() => setTime(undefined));
    return () => {
      hover.unsubscribe();
      clear.unsubscribe();
    };
  }, [bus, enabled]);
  return time;
}

/** Tells the other panels where the mouse stands. */
export function shareTime(bus: EventBus, time: number | undefined): void {
  if (time === undefined) bus.publish(new DataHoverClearEvent());
  else bus.publish(new DataHoverEvent({ point: { time, panelRelY: 0.5 } }));
}

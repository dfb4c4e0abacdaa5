import { placeKey, type Place } from './place.ts';

export interface Contender {
  readonly memberId: string;
  readonly topics: readonly string[];
  /** What it had before. */
  readonly had: readonly Place[];
}

/**
 * Deals partitions out among the members that read their topics, as evenly as that goes. A member keeps what it had up to
 * its share, so that when one comes or goes hardly more moves than has to.
 */
export function deal(contenders: readonly Contender[], places: readonly Place[]): Map<string, Place[]> {
  const dealt = new Map(contenders.map(({ memberId }) => [memberId, [] as Place[]]));
  const open = new Map(places.map((place) => [placeKey(place), place]));
  const give = ({ memberId }: Contender, place: Place): void => {
    dealt.get(memberId)!.push(place);
    open.delete(placeKey(place));
  };
  const load = ({ memberId }: Contender): number => dealt.get(memberId)!.length;
  const share = Math.ceil(places.length / contenders.length);
  for (const contender of contenders)
    for (const place of contender.had)
      if (open.has(placeKey(place)) && contender.topics.includes(place.topic) && load(contender) < share)
        give(contender, place);
  for (const place of [...open.values()]) {
    const able = contenders.filter(({ topics }) => topics.includes(place.topic));
    const [least] = able.toSorted((one, other) => load(one) - load(other));
    if (least) give(least, place);
  }
  return dealt;
}

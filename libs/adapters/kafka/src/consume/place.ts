/** A partition of a topic. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export const placeKey = ({ topic, partition }: Place): string => `${topic}/${partition}`;

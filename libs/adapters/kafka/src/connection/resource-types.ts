/** What a setting belongs to, in Kafka's protocol (KIP-133). kafkajs has the numbers, but not as a named export. */
export const resourceTypes = { topic: 2, broker: 4 } as const;

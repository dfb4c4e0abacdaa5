/**
 * The address of an engine for people: without user and password, and honest about what stands in for Qdrant.
 * @param {{ url?: string, endpoint?: string, brokers?: readonly string[], kind?: string }} coordinates
 */
export function whereIs({ url, endpoint, brokers, kind }) {
  const address = url ?? endpoint ?? brokers?.join(',') ?? '';
  const plain = address.replace(/\/\/[^@/]*@/, '//');
  return kind === 'edge' ? `${plain} (Qdrant Edge, not the server)` : plain;
}

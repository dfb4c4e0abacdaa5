import type { Answer } from '../api/client.ts';

/** What an erasure removed, and where. */
export function Receipt({ receipt }: { readonly receipt: Answer<'getReceipt'> }) {
  const { removed, retained = [], completed_at: at, version } = receipt;
  return (
    <>
      <table className="receipt">
        <caption>
          Receipt of version {version}, {new Date(at).toLocaleString()}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="number">
              Removed
            </th>
            <th scope="col">What</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {removed.map(({ store, what, count }) => (
            <tr key={`${store} ${what}`}>
              <td className="number">{count}</td>
              <td>{what}</td>
              <td>{store}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {retained.map(({ store, what, until }) => (
        <p key={store} className="retained">
          Kept until {until === undefined ? 'later' : new Date(until).toLocaleDateString()} in {store}: {what}
          .
        </p>
      ))}
    </>
  );
}

import { formatLocation, pages, type Page } from '../router/location.ts';

interface Props {
  readonly page: Page;
  readonly titles: Readonly<Record<Page, string>>;
}

export function Header({ page, titles }: Props) {
  return (
    <header className="header">
      <a className="brand" aria-label="Millrace" href={formatLocation({ page: 'chat' })}>
        <img src="icon.svg" alt="" width="28" height="28" />
        <span className="brand-name">Millrace</span>
      </a>
      <nav aria-label="Pages">
        <ul>
          {pages.map((name) => (
            <li key={name}>
              <a href={formatLocation({ page: name })} aria-current={name === page ? 'page' : undefined}>
                {titles[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

import { boxMark } from '../box-mark.ts';
import { attributeOf, childElements, isOn, type WordElement } from './word-part.ts';

/** The mark of a content control that is a check box. */
export function markOfControl(control: WordElement): string | undefined {
  const [properties] = childElements(control, 'sdtPr');
  const [box] = properties ? childElements(properties, 'checkbox') : [];
  return box && boxMark(isOn(box, 'checked') ?? false);
}

/** What a form field of older programs shows, as XML: the mark of a check box, or the chosen entry of a list. */
export function stateOfField(begin: WordElement): string | undefined {
  const [data] = childElements(begin, 'ffData');
  const [box] = data ? childElements(data, 'checkBox') : [];
  const [list] = data ? childElements(data, 'ddList') : [];
  if (box) return boxMark(isOn(box, 'checked') ?? isOn(box, 'default') ?? false);
  return list && chosenEntry(list);
}

function chosenEntry(list: WordElement): string {
  const [chosen] = [...childElements(list, 'result'), ...childElements(list, 'default')];
  const entry = childElements(list, 'listEntry')[Number((chosen && attributeOf(chosen, 'val')) ?? 0)];
  return (entry && attributeOf(entry, 'val')) ?? '';
}

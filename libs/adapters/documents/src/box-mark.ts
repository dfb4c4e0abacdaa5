/** What a check box is written as in every format. */
export const boxMark = (isChecked: boolean): string => (isChecked ? '☒' : '☐');

import { patterns } from '../engine/patterns.ts';
import { insults, swear, swearing } from './veiled-words.ts';

/** Groups by protected characteristics, and their members. */
const group = String.raw`(?:jews?|muslims?|islam|christians?|hindus?|blacks?|black (?:people|men|women)|whites?|white (?:people|men|women)|asians?|chinese|mexicans?|latinos?|arabs?|africans?|indians?|pakistanis?|gypsies|roma|immigrants?|migrants?|refugees?|foreigners?|gays?|lesbians?|homosexuals?|bisexuals?|trans(?:gender)?(?:s| people)?|transgenders?|women|females?|feminists?|disabled(?: people)?|autistic(?: people)?)`;

export const hate = patterns('hate', 0.6, [
  new RegExp(
    String.raw`\b(?:i |we |all |everyone )?(?:hate|hates|despise|detest|can['’]?t stand)(?: all| the| those| these)? ${group}\b`,
  ),
  new RegExp(
    String.raw`\b${group} (?:are|is) (?:all |just |nothing but |only |really |so |literally ){0,6}(?:vermin|animals|subhuman|sub-human|inferior|parasites?|rats|cockroaches|scum|trash|garbage|filth|filthy|dirty|stupid|dumb|evil|criminals?|terrorists?|rapists?|thieves|lazy|disgusting|a disease|a plague|a cancer|a problem|retarded|degenerates?|ruining|destroying|taking over)\b`,
  ),
  new RegExp(
    String.raw`\b(?:dirty|filthy|stupid|lazy|evil|disgusting|${swearing}|damn|bloody|typical) ${group}\b`,
  ),
  new RegExp(
    String.raw`\b(?:why (?:are|do)|what['’]?s wrong with)(?: all| the| so many)? ${group} (?:so|always|all)\b`,
  ),
  /\b(?:master race|white power|white genocide|great replacement|race war|racial purity|heil hitler|gas chambers?)\b/,
]);

export const threateningHate = patterns('hate/threatening', 0.7, [
  new RegExp(
    String.raw`\b(?:kill|gas|exterminate|eradicate|lynch|shoot|burn|hang|deport|sterilize|wipe out|get rid of|eliminate|bomb)(?: all| the| those| these| every){0,6} ${group}\b`,
  ),
  new RegExp(
    String.raw`\b${group} (?:should|must|need to|have to|deserve to)(?: all)? (?:die|be (?:killed|gassed|exterminated|eradicated|lynched|shot|burned|hanged|hung|deported|sterilized|eliminated|wiped out))\b`,
  ),
]);

export const harassment = patterns('harassment', 0.6, [
  new RegExp(
    String.raw`\byou(?:['’]re| are| ${swearing}| stupid){0,6} (?:an? |such an? |the |nothing but an? |so |all )?(?:${swearing} |stupid |ugly |fat |dumb |worthless |pathetic |disgusting |useless |little ){0,6}(?:${insults.join('|')}|waste of (?:space|life|air)|pathetic|worthless|disgusting|ugly)\b`,
  ),
  new RegExp(
    String.raw`\b(?:${swear} (?:you|off|yourself)|shut the ${swear} up|go (?:to hell|die)|kill yourself|kys|nobody (?:likes|loves|wants) you|the world would be better without you)\b`,
  ),
]);

import type { WordedPatterns } from '../engine/rare-patterns.ts';

/** A blank stands for whatever is between two words. */
const said = (phrase: string): RegExp =>
  new RegExp(String.raw`\b(?:${phrase.replaceAll(' ', String.raw`[^\p{L}\p{N}]{1,4}`)})\b`, 'u');
const having = (words: string, ...phrases: readonly string[]): WordedPatterns => ({
  words: words.split(' '),
  expressions: phrases.map(said),
});
const upTo = (count: number): string => `(?:[\\p{L}\\p{N}]{1,24} ){0,${count}}`;

const determiners = '(?:(?:all|any|every|each|the|my|of|your|these|those|our|its|everything|other) ){0,5}';
const earlier =
  '(?:previous|prior|earlier|preceding|above|foregoing|past|initial|original|existing|former|system|developer)';
const orders =
  '(?:instructions?|prompts?|directions?|directives?|rules?|guidelines?|commands?|orders|contexts?|messages?|conversations?|programming|training|polic(?:y|ies)|restrictions?|constraints?|safeguards?)';
const orderWords = 'instruction instructions prompt prompts rules guidelines orders directives task';
const leave =
  '(?:ignor(?:e|es|ing)|disregard(?:s|ing)?|forget|neglect|overrid(?:e|es|ing)|bypass|skip|discard|void)';

/** What was said before is not to count. In other languages the commonest wording alone. */
export const override: readonly WordedPatterns[] = [
  having(
    'ignore ignores ignoring disregard disregards disregarding forget neglect override overrides overriding bypass skip discard void',
    `${leave} (?:and [a-z]{1,12} )?${determiners}${earlier} ${upTo(2)}${orders}`,
    `${leave} ${determiners}${orders} (?:you|above|before|given|that|which|from|so far|prior|and)`,
    'forget (?:everything|anything|all)(?: that)? (?:you|above|before|from|i|we)',
  ),
  having(
    orderWords,
    `(?:do not|don t|stop) (?:follow|obey|listen to|adher(?:e|ing) to|following|obeying) (?:(?:the|your|any|my) ){0,2}${earlier} ${upTo(1)}${orders}`,
    '(?:here are|these are|follow|obey) (?:your|the|these|my) (?:new|real|actual|updated) (?:instructions?|orders|directives?|rules|task)',
  ),
  having(
    'ignorier ignoriere ignorieren ignoriert',
    'ignorier(?:e|en|t)? (?:(?:bitte|alle|die|deine|jegliche) ){0,4}(?:vorherigen?|bisherigen?|vorangegangenen?|obigen?|fruheren?) (?:anweisung(?:en)?|instruktion(?:en)?|regeln|befehle?|vorgaben)',
  ),
  having(
    'ignore ignorez ignorer oublie oubliez oublier',
    '(?:ignor(?:e|ez|er)|oubli(?:e|ez|er)) (?:(?:toutes?|tous|les|tes|vos|ces) ){0,3}(?:instructions?|consignes?|directives?|regles) (?:precedentes?|anterieures?|ci dessus|donnees)',
  ),
  having(
    'ignora ignore ignorar ignoren olvida olvide olvidar olviden',
    '(?:ignor(?:a|e|ar|en)|olvid(?:a|e|ar|en)) (?:(?:todas?|todos|las|los|tus|sus|estas) ){0,3}(?:instrucciones|indicaciones|reglas|ordenes) (?:anteriores|previas|precedentes)',
  ),
];

const freeOf = [
  ...['without', 'free (?:of|from)', 'not (?:bound|limited) by', 'not subject to', 'regardless of', 'broken free (?:of|from)'],
  ...['bypass(?:es|ing)?', 'ignor(?:e|es|ing)', 'disregards?', 'never cares? about', 'no'],
  '(?:does|do|will|must|need|have|has) (?:not|n t|no)(?: have| need)?(?: to)?(?: follow| abide by| adhere to| care about| respect| obey| comply with)?',
  '(?:doesn|don) t (?:have|care about|(?:have to |need to )?(?:follow|abide by|adhere to|obey))',
].join('|'); // prettier-ignore
const ethics = '(?:ethic(?:s|al|ality)?|moral(?:s|ity)?|legality|openai(?: s)?|content)';
const limits =
  '(?:guidelines?|polic(?:y|ies)|rules|restrictions?|filters?|filtering|confines|limitations?|constraints?|principles|standards|boundaries|safeguards?)';

/** Another one is to answer, who may do what the model may not. */
export const persona: readonly WordedPatterns[] = [
  having(
    'unfiltered uncensored unrestricted unhinged jailbroken amoral',
    '(?:unfiltered|uncensored|unrestricted|unhinged|jailbroken|amoral) ' +
      `${upTo(3)}(?:ai|chatbot|bot|language model|assistant|gpt|responses?|answers?|persona|character|person|version)`,
  ),
  having('anything', 'do anything now'),
  having(
    'dan jailbreak jailbroken evil developer',
    '(?:dan|jailbreak|jailbroken|evil|developer) mode (?:enabled|activated|output|v2|is now)',
  ),
  having(
    'ethic ethics ethical ethicality moral morals morality legality openai content',
    `(?:${freeOf}) (?:(?:any|all|the|typical|and|of|its|your|their|or|laws) ){0,4}${ethics} ${upTo(2)}${limits}`,
    `(?:${freeOf}) (?:(?:any|all|of|its|your|laws) ){0,3}(?:ethics|ethicality|morals|morality|legality)`,
  ),
  having(
    'restrictions rules limits limitations filters morals ethics guidelines boundaries restricted bound',
    '(?:has|have|with|without|there are) (?:no|any) (?:rules|limits|limitations|restrictions|filters|morals|ethics|boundaries) (?:or|and|nor) (?:rules|limits|limitations|restrictions|filters|morals|ethics|guidelines|boundaries)',
    `(?:pretend|act|respond|answer|imagine|behave) ${upTo(2)}(?:as though|as if|like|that) (?:you|there) (?:have|had|are|were) (?:no|not|without) (?:any )?(?:restrictions?|rules|limits|limitations|filters?|guidelines|ethics|restricted|bound)`,
  ),
  having(
    'refuse refuses reject decline deny',
    'never (?:ever )?refuses?',
    '(?:do not|don t|must not|cannot|can t|can never|won t|will not|should not|not allowed to) (?:ever )?(?:refuse|reject|decline|deny) (?:any|to answer|to respond|my|the user|user|anything|requests?|me)',
  ),
  having(
    'character',
    '(?:never|do not|don t|must not|cannot|can t) (?:break|leave|drop|exit|step out of|go out of) (?:(?:your|the) )?character',
  ),
  having(
    'sorry ai apologize apologise',
    `(?:never|do not|don t) (?:say|use|tell|include|write|mention) ${upTo(4)}(?:i m sorry|as an ai|i apologi[sz]e)`,
    'you (?:are|re) no longer (?:an ai|a ai)',
  ),
  having(
    'chatgpt bound chatbot model',
    'you (?:are|re) (?:no longer|not) (?:chatgpt|bound by|a chatbot|a language model)',
  ),
];

/** What was told to the model alone is to be told. */
export const extraction: readonly WordedPatterns[] = [
  having(
    'prompt prompts instruction instructions message messages rules guidelines configuration',
    '(?:reveal|show|print|repeat|output|display|tell|give|write|leak|disclose|dump|recite|share|what (?:is|are|was|were)) (?:(?:me|us|out) )?(?:(?:the|your|verbatim|exact|exactly|full|entire|complete|hidden|secret|whole|word for word|contents? of|text of|all of|all) ){0,5}(?:system|initial|hidden|secret|internal|original|developer) (?:prompts?|instructions?|messages?|rules|guidelines)',
    `(?:reveal|print|repeat|output|leak|disclose|dump|recite) (?:(?:the|verbatim|exact|full|entire|complete|all|of) ){0,4}your ${upTo(1)}(?:prompt|instructions|guidelines|configuration)`,
  ),
  having(
    'above',
    '(?:repeat|print|output|copy) (?:out )?(?:everything|all|all of|the (?:words|text|sentences|content)|every word) (?:(?:that|is|was|came|comes|written|of|the|text) ){0,3}above',
  ),
];

/** Content is to leave for elsewhere. */
export const exfiltration: readonly WordedPatterns[] = [
  having(
    'conversation history log prompt key keys password passwords credentials secret secrets data session cookie cookies',
    `(?:send|post|forward|exfiltrate|upload|transmit|submit|leak|append|encode) ${upTo(6)}(?:conversation|chat history|chat log|system prompt|api keys?|passwords?|credentials|secrets?|user data|personal data|private data|session|cookies?) ${upTo(3)}(?:to|into|as|in) ${upTo(3)}(?:https?|www|url|query|webhook|attacker|image)`,
    `(?:render|display|insert|include|output|show) ${upTo(4)}(?:image|picture|link|markdown) ${upTo(6)}(?:https?|url) ${upTo(10)}(?:conversation|history|prompt|secrets?|password|data|summary)`,
  ),
];

/** What is to be done stands where a filter does not read it. */
export const encoded: readonly WordedPatterns[] = [
  having(
    'decode decrypt decipher deobfuscate unscramble',
    `(?:decode|decrypt|decipher|deobfuscate|unscramble) ${upTo(8)}(?:and|then) ${upTo(1)}(?:follow|execute|obey|comply|carry out|perform|act on|run|do what)`,
  ),
];

/** Signs by which models tell who speaks: in a text they make it speak for somebody else. */
export const forgedTurns: WordedPatterns = {
  words: 'im system user assistant endoftext start header eot begin inst sys developer admin'.split(' '),
  expressions: [
    /<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text)\|>/u,
    /\[\/?inst\]|<<\/?sys>>|<(?:start|end)_of_turn>/u,
    /(?<![^\n])[ \t]{0,3}[#*[<({=-]{0,6} ?(?:system|developer|admin) (?:message|prompt|instructions?|note|override|announcement|update|command)[ \])>*#=-]{0,6}:/u,
  ],
};

const model =
  '(?:ai|ais|llms?|ai models?|ai assistants?|(?:large )?language models?|chatbots?|ai agents?|chatgpt|gpt|copilot|claude|gemini)';
const modelWords =
  'ai ais llm llms model models chatbot chatbots agent agents chatgpt gpt copilot claude gemini';
const replies = '(?:answers?|responses?|replies|reply|outputs?|completions?)';

/** A document speaks to a model in place of to a reader. */
export const embedded: readonly WordedPatterns[] = [
  having(
    modelWords,
    `(?:note|notes|attention|message|instructions?|reminder|directive) (?:to|for) (?:(?:any|all|the) ){0,2}${model}`,
    `(?:attention|important|hey|dear|hello) (?:(?:any|all|the) ){0,2}${model} (?:readers?|reading|systems?|models?|assistants?|agents?)`,
    `(?:if|when|as|since) (?:you|the reader) (?:are|re|is) (?:(?:an|a|the) )?${model}`,
    `${model} ${upTo(2)}(?:reading|processing|summari[sz]ing|analy[sz]ing|parsing|evaluating|reviewing) this (?:document|page|text|e?mail|file|content|resume|cv|website|message)`,
  ),
  having(
    'user users',
    '(?:tell|inform|advise|convince|instruct|persuade) (?:the|your) users? (?:that|to)',
    `(?:do not|don t|never) (?:tell|inform|mention|reveal|disclose|show) ${upTo(3)}(?:the|to the) users?`,
  ),
  having(
    'answer answers response responses reply replies output outputs completion completions',
    `(?:include|add|insert|append|integrate|incorporate|embed|place|put|use|modify|adjust|change|alter|rewrite|begin|start|end|conclude|finish|preface|replace|translate|encode|format|introduce|provide|mention) ${upTo(14)}your ${upTo(1)}${replies}`,
    `in your ${upTo(1)}${replies} ${upTo(1)}(?:suggest|include|add|mention|recommend|encourage|insert|promote|state|say|replace|remind)`,
  ),
];

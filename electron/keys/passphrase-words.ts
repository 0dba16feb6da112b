/** The words that a generated passphrase is made of, written for this program: 1,024, so that each drawn at random is
 * ten bits. Short and common, without those that two countries spell differently, and no two of them share their first
 * four letters or differ in one letter alone: what a hand wrote badly can still be told. */
export const passphraseWords: readonly string[] = `
  acorn acre active actor adobe adopt agree airport alarm album alcove alert algebra almanac almond
  alpine amuse anchor ankle annual answer anthem antler apple apricot apron aqua arcade archer arena
  arrow artist ashore aspen athlete atlas atom attic aunt aurora author avenue aviator avocado awake
  award awesome azure baby backup badge baker ballad bamboo banana banjo banner barber barista
  barley barrel basil basket bath beacon beaver bedroom bedtime beehive beet bench bicycle bike
  binder bingo birch biscuit bison blanket blaze blend blimp blink blossom blouse bobbin bonfire
  bonus book border bottle bounce bracket brave breeze brick bronze broom brown brush bubble bucket
  buddy budget buffalo build bulb bumper bundle butter buzz cabbage cabin cactus cafe calm camera
  candle canoe canvas canyon capsule captain caramel carbon cargo carpet cashew cattle cedar celery
  cello cement ceramic chain chalk channel chapter charm cheese chef cherry chess chime chorus
  chowder chunk cider cinema circle citrus city civil claim clay clean cliff clock cloud clover
  clown club cobalt cobbler cocoa code cold collar column comet common compass concert copper coral
  cosmic cottage couch count cousin coyote crab crane crater crayon cream credit crew cricket crocus
  cruise crumb crystal culture cupcake curious curry curtain curve cushion custom cycle daisy dance
  dapper daring date decor degree delight desert design detail develop device diamond diary diesel
  digital dinner diploma direct disco doctor dolphin domain domino donkey door double dough dozen
  draw dress drive drizzle droplet drum duck dune dust eager eagle earring earth easy echo elastic
  elbow elder elegant elevate elm ember emblem emerald empty energy engine enjoy entry equator event
  exact exotic explore eyebrow eyelid fable fairy fajita falcon family fancy fasten faucet felt
  fence fender fern ferry festive field fiesta film filter firefly fish flag flannel fleet flight
  float fluffy flute foam folder folk follow fond forest fortune fossil fox frame fresh fridge
  friend frog frost fruit full future gadget galaxy gallery garden garlic gather gazelle gecko
  genius gentle giant gift giggle ginger giraffe give glacier glad glance glass glimmer glitter
  globe glue goat gondola goose grape gravel green grin grocery grove growth guard guava guide
  guitar gulf gumdrop gym hammer happy harness harp harvest hat hawk hazel head heart heavy height
  helmet help heron hiccup hiking hippo history hockey holiday home honest hood horizon hornet horse
  hotel hover human humble hundred hungry iceberg icicle idea igloo iguana image inch indigo indoor
  input invite iris iron island ivory ivy jacket jade jaguar jar jasmine jasper jazz jeans jet jewel
  jigsaw jogger join joke jolly journal jubilee judge juice jump jungle junior kale karate kayak
  keep ketchup kettle keyhole kind kingdom kitchen kite kiwi knack knee knight koala ladder lagoon
  lake lantern laptop large lark laugh lawn layer leader leaf league learn leather lecture left
  lemon lemur lentil leopard lesson letter level library lid lilac lime linen lion little lively
  lobby lobster lodge loop lotion lotus lounge lucky luggage lullaby lunar lunch luxury lynx machine
  magic magnet mailbox main major maple marble marina market marmot mascot mason matrix maximum maze
  meadow meeting melon memory menu mermaid message metal mill minute mirror mist mitten model mohair
  monarch money monitor month moon moped morning mosaic moss motor mouse move mud mulch mural museum
  music mustard myself nacho name napkin narwhal nation nature navy nearby neat nebula neck nectar
  needle nickel nimble noble noise normal north nougat novel nugget number nutmeg oak oasis oatmeal
  ocean octave office olive online onyx opera opinion orange orbit orca orchard oregano ostrich
  otter outdoor outfit oval oven owl oxygen oyster pack page palace panda pantry papaya paprika
  parade parrot parsley partner passage pasta patrol peach peanut pearl pebble pecan pedal pelican
  pencil pendant penguin people pepper perfect pesto phone photo piano pickle picnic picture pigeon
  piglet pillar pilot pink pioneer pixel pizza planet plateau plaza please plug podium poem polish
  polka pollen polo pony poodle popcorn poplar poppy porch portal possum poster potato pottery
  powder pretzel print prism prize profile proud puddle puffin pumpkin puppet purple purse push
  puzzle pyramid quality quarter quest quick quilt quiz rabbit race radar radio raft rail rainbow
  raisin rally ramp ranch random raven ready recipe relic rental rhino rhubarb rhyme ribbon riddle
  ripple rise river robin robot rocket rodeo roller roof rooster rope rosette rotate round rowboat
  rowing royal rubber ruby rudder rug runway saddle safari safety saga sailor salad salmon salsa
  salt sand sapling sardine satin saturn sauna scale scarf scenery school science scone scooter
  scout screen scribe sculpt seagull search season section select seminar senior series sesame seven
  shape shawl shelf sherbet shield shine ship shoe short shovel shrimp shuffle shuttle signal silk
  silver simple siren size sketch skirt sky slate sled sleep slide slipper slope sloth small smart
  smile smooth snail snorkel snow soccer social sock soda soft solid solve sonar song soup source
  spark spatula speak sphere spice spinach spiral splash sponge spoon spot square squid stable
  stadium stamp star station steam stencil step stereo stick still stool stove straw street strong
  studio sturdy style subject subway sudden sugar suit sunrise sunset super supply surf sushi
  swallow swan sweater swift swim symbol syrup system tadpole tag talent tall tandem tango tapir
  task taste tavern taxi teacher teal teapot teeth tenant tennis terrace text theme theory thicket
  thimble thistle thorn thread throne thumb thunder tiger timber tinker tiny tissue title toast
  today toffee tomato tongue topaz topic tornado toucan towel town toy trade train tray tree trellis
  trend trip trolley trophy trout truck trumpet trust truth tube tugboat tulip tuna tunic tunnel
  turbine turkey turtle tutor tweed twelve twenty twin type ukulele uncle under unicorn uniform
  union unique unlock upbeat upper upright urban useful vacuum valley value vanilla vase vault
  vector vehicle velvet vendor verb veteran victory video view village vine vintage vinyl violet
  visit vista visual vitamin vivid vocal voice volcano volume voyage waffle wagon walk wallaby
  walnut walrus want warm wash watch water wave wax wealth weasel web wedge weekend well west wharf
  wheat wheel whisper white wicker wide width wild willow window wing wisdom witness wolf wonder
  wool work world yarn year yeast yellow yoga young your youth zebra zero zigzag zinc zipper zodiac
  zone zoom
`
  .trim()
  .split(/\s+/)

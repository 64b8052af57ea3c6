// The page of a fetch looks again by itself; without JavaScript its link does.
"use strict";
setTimeout(() => location.reload(), 3000);

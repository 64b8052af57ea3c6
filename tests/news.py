"""News texts invented for the tests of the desk: two countries that do not exist, and one text in another script."""

NEWS = (
    "Vesland says radar towers are in place\n"
    "\n"
    "PORT ALMA, 12 March 2024 – The transport minister of Vesland said on Friday that the two radar towers which "
    "her country had promised to Ostmark have been built. 📡\n"
    "\n"
    "“We have built both towers at the strait”, Mira Solen told reporters after the talks, adding that "
    "“Ostmark need only switch them on.”\n"
    "\n"
    "Local radio stations had reported the news the day before.\n"
)
BUILT = "We have built both towers at the strait"
HINDI = "वेसलैंड ने रडार मीनारों का वादा किया\n\nमंत्री ने कहा: “हम दो मीनारें बनाएँगे”।\n👩🏽‍🚀 यह घोषणा शुक्रवार को हुई।\n"
ARABIC = "فيسلاند تعد ببرجي رادار\n\nقالت الوزيرة: «سنبني برجين عند المضيق» يوم الجمعة.\n"

#pragma once

#include <expat.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace nanscope {

/// What an XML parser finds in an SVG document.
struct SvgReading {
  std::string error;         ///< why it is not XML, or ""
  std::string not_a_number;  ///< a coordinate with nan or inf in it, or ""
  int documents = 0;         ///< elements named svg
};

inline void read_element(void* reading, const char* name, const char** attributes) {
  auto& svg = *static_cast<SvgReading*>(reading);
  if (std::string_view(name) == "svg") ++svg.documents;
  static const std::set<std::string_view> coordinates{
      "x", "y", "width", "height", "points", "stroke-width", "rx", "stroke-dashoffset"};
  for (; *attributes; attributes += 2) {
    const std::string_view value = attributes[1];
    const bool finite =
        value.find("nan") == std::string::npos && value.find("inf") == std::string::npos;
    if (coordinates.contains(attributes[0]) && !finite) svg.not_a_number = value;
  }
}

inline SvgReading read_svg(const std::string& document) {
  SvgReading svg;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate("UTF-8"), &XML_ParserFree);
  XML_SetUserData(parser.get(), &svg);
  XML_SetStartElementHandler(parser.get(), &read_element);
  if (XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE) !=
      XML_STATUS_OK)
    svg.error = XML_ErrorString(XML_GetErrorCode(parser.get()));
  return svg;
}

}  // namespace nanscope

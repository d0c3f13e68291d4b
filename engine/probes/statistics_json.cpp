#include "engine/probes/statistics_json.h"

namespace nanscope {

Json statistics_json(const Statistics& s) {
  return {{"mean", json_number(s.mean)},
          {"var", json_number(s.variance)},
          {"rms", json_number(s.rms)},
          {"absmax", json_number(s.absmax)},
          {"zeros", s.zeros},
          {"subnormals", s.subnormals},
          {"infs", s.infs()},
          {"positive_infs", s.positive_infs},
          {"negative_infs", s.negative_infs},
          {"nans", s.nans},
          {"saturated", s.saturated},
          {"count", s.count}};
}

}  // namespace nanscope

// libyaml: scanner, parser and emitter of YAML 1.1.
#pragma once
#include <yaml.h>

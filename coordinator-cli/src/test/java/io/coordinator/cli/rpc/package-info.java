@NullMarked
package io.coordinator.cli.rpc;

import org.jspecify.annotations.NullMarked;

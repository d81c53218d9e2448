/**
 * What every data type is built from: tables of rows with a digest, deadlines, waiting queues, admission checks. Knows
 * no data type.
 */
@NullMarked
package io.coordinator.state.kernel;

import org.jspecify.annotations.NullMarked;

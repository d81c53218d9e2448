/**
 * Random use of every data type, random faults, and the check of all that the clients saw: while it goes on, so that a run
 * can be as long as one likes.
 */
@NullMarked
package io.coordinator.testing.workload;

import org.jspecify.annotations.NullMarked;

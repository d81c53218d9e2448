package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;

/**
 * How long something took.
 *
 * @param data the kind of data that it is about
 * @param span what of it
 * @param name that people know it by: a queue, a schedule
 * @param millis not negative
 */
public record Took(DataKind data, Span span, Name name, long millis) {}

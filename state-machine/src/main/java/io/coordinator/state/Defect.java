package io.coordinator.state;

/**
 * Something that threw and was undone. The same on every replica; each reports it, since each should be looked at.
 *
 * @param what was being done, for people
 * @param cause where to look
 */
public record Defect(String what, RuntimeException cause) {}

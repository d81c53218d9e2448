package io.coordinator.cli.topic;

import io.coordinator.cli.console.DurationConverter;
import io.coordinator.client.topic.StartAt;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where a replay begins: {@code all}, a number of messages, an offset, a duration, or a time. */
final class Replay implements ITypeConverter<StartAt> {
    private static final Pattern NUMBER = Pattern.compile("@?\\d{1,18}");
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59Z");

    @Override
    public StartAt convert(String text) {
        if (text.equals("all")) {
            return StartAt.earliest();
        }
        if (NUMBER.matcher(text).matches()) {
            return text.startsWith("@")
                    ? StartAt.offset(Math.max(1, Long.parseLong(text.substring(1))))
                    : StartAt.last(Long.parseLong(text));
        }
        Instant time = text.contains("T") ? date(text) : Instant.now().minus(duration(text));
        if (time.isAfter(LAST_TIME)) {
            throw new TypeConversionException("'" + text + "' is too far in the future");
        }
        return StartAt.time(time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time);
    }

    private static Duration duration(String text) {
        try {
            return new DurationConverter().convert(text);
        } catch (TypeConversionException e) {
            throw unknown(text, e);
        }
    }

    private static Instant date(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw unknown(text, e);
        }
    }

    private static TypeConversionException unknown(String text, RuntimeException cause) {
        TypeConversionException wrong = new TypeConversionException("'" + text
                + "' is no place to begin; write for example all, 10 (the last ten), @120 (from this offset), 15m (of"
                + " the last 15 minutes) or 2026-11-30T10:00:00Z");
        wrong.initCause(cause);
        return wrong;
    }
}

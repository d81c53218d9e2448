package io.coordinator.state;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Commands of one data type from its descriptor alone: every operation that it has, also one for which nobody has written
 * a generator yet. They make less sense together than those of {@link Generator}, and leave nothing out.
 */
record AnyOperations(DataKind kind) implements Generator {
    private static final int DEPTH_MAX = 6;
    private static final List<String> STEPS = List.of("list", "o", "p", "0", "a");

    @Override
    public Set<String> unowned() {
        return Set.of();
    }

    @Override
    public void fill(Command.Builder command, World world) {
        FieldDescriptor body = Command.getDescriptor().findFieldByNumber(kind.getNumber());
        Message.Builder message = command.newBuilderForField(body);
        fill(message, world, command.getSeq(), 0);
        command.setField(body, message.build());
    }

    /** Fills in any message: one case of each oneof, and most of the other fields. */
    static void fill(Message.Builder message, World world, long seq, int depth) {
        Descriptor type = message.getDescriptorForType();
        Random random = world.random();
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            FieldDescriptor field = oneof.getField(random.nextInt(oneof.getFieldCount()));
            message.setField(field, value(message, field, world, seq, depth));
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.getRealContainingOneof() != null || !isWanted(field, random, depth)) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, value(message, field, world, seq, depth));
                }
            } else {
                message.setField(field, value(message, field, world, seq, depth));
            }
        }
    }

    private static boolean isWanted(FieldDescriptor field, Random random, int depth) {
        boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        return nested
                ? depth < DEPTH_MAX
                : field.getJavaType() == FieldDescriptor.JavaType.STRING || random.nextBoolean();
    }

    private static Object value(Message.Builder in, FieldDescriptor field, World world, long seq, int depth) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder nested = in.newBuilderForField(field);
                fill(nested, world, seq, depth + 1);
                yield nested.build();
            }
            case STRING -> text(field, world);
            case BYTE_STRING -> world.json();
            case LONG -> number(field, world, seq);
            case INT -> (int) number(field, world, seq);
            case BOOLEAN -> world.random().nextBoolean();
            case DOUBLE -> world.random().nextInt(9) / 2.0 - 2;
            case FLOAT -> world.random().nextInt(9) / 2.0f - 2;
            case ENUM -> {
                List<EnumValueDescriptor> known = field.getEnumType().getValues();
                yield known.get(world.random().nextInt(known.size()));
            }
        };
    }

    private static String text(FieldDescriptor field, World world) {
        return switch (field.getName()) {
            case "namespace" -> "ns";
            case "path", "from" -> STEPS.get(world.random().nextInt(STEPS.size()));
            default -> world.name();
        };
    }

    private static long number(FieldDescriptor field, World world, long seq) {
        String name = field.getName();
        if (name.endsWith("token")) {
            return world.token();
        }
        if (name.endsWith("_millis")) {
            return world.millis();
        }
        return name.equals("request_seq")
                ? world.seqBefore(seq)
                : world.random().nextInt(5);
    }

    /** The same with the elements of one repeated field, at any depth, again and again until there are so many. */
    static void multiply(Message.Builder message, Random random, int times) {
        List<FieldDescriptor> repeated = new ArrayList<>();
        List<FieldDescriptor> nested = new ArrayList<>();
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.isRepeated()) {
                repeated.add(field);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                nested.add(field);
            }
        }
        if (!nested.isEmpty() && (repeated.isEmpty() || random.nextBoolean())) {
            multiply(message.getFieldBuilder(nested.get(random.nextInt(nested.size()))), random, times);
        } else if (!repeated.isEmpty()) {
            FieldDescriptor field = repeated.get(random.nextInt(repeated.size()));
            int count = message.getRepeatedFieldCount(field);
            for (int i = count; i < times; i++) {
                message.addRepeatedField(field, message.getRepeatedField(field, i % count));
            }
        }
    }
}

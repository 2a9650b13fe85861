using System.Text;

namespace Registry.Aot.Commands;

/// <summary>Asks for a password: on a terminal without showing it, twice; else the first line of standard input.</summary>
internal static class PasswordPrompt
{
    /// <summary>bcrypt sees no more.</summary>
    private const int MaxBytes = 72;

    /// <summary>Gives the password.</summary>
    /// <param name="messages">Where the questions go.</param>
    /// <exception cref="FormatException">There is none, it is too long, or was written differently the second time.</exception>
    public static string Read(TextWriter messages)
    {
        if (Console.IsInputRedirected)
        {
            return Check(Console.In.ReadLine() ?? "");
        }

        var password = Ask(messages, "Password: ");
        return password == Ask(messages, "The same again: ") ? Check(password) : throw new FormatException("The passwords differ.");
    }

    private static string Check(string password) =>
        password.Length == 0 ? throw new FormatException("The password is empty.")
        : password.Contains('\0', StringComparison.Ordinal) ? throw new FormatException("The password holds a zero.")
        : Encoding.UTF8.GetByteCount(password) > MaxBytes ? throw new FormatException($"The password is longer than {MaxBytes} bytes, and bcrypt would not see the rest.")
        : password;

    private static string Ask(TextWriter messages, string question)
    {
        messages.Write(question);
        messages.Flush();
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (key.KeyChar >= ' ')
            {
                password.Append(key.KeyChar);
            }
        }

        messages.WriteLine();
        return password.ToString();
    }
}

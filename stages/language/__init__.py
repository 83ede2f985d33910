"""Language models as writers: questions, preferred answers, adversaries, and what each of them claims."""
